# The project that scraper init makes is mounted at /news: docker run -v ./news:/news IMAGE
FROM python:3.13-slim AS build
COPY . /source
WORKDIR /source
# the versions that the tests ran with; hashes cannot stand beside a wheel that was built a moment ago
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev
RUN sed -e '/^ *--hash/d' -e 's/ *\\$//' requirements.lock > /constraints.txt \
    && pip install --no-cache-dir -c /constraints.txt hatchling setuptools \
    && python -m hatchling build -t wheel -d /wheels

FROM python:3.13-slim
COPY --from=build /wheels /wheels
COPY --from=build /constraints.txt /
RUN wheel=$(ls /wheels/*.whl) \
    && pip install --no-cache-dir -c /constraints.txt "${wheel}[postgresql,cluster,parquet,remote,web]" \
    && useradd --uid 1000 --no-create-home news \
    && install -d -o news -g news /news
USER news
WORKDIR /news
EXPOSE 9464
HEALTHCHECK --interval=30s --start-period=30s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:9464/healthz', timeout=5)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["scraper"]
CMD ["serve", "--host", "0.0.0.0", "--log-json"]
