"""The extraction of an article: bytes of a page in, an Article or a Rejection out.

Pure: no clock, socket, environment or chance. Run by the crawl's workers, the command line and the benches.
"""
