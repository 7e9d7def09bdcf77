from scraper.extraction.verdict.markup_patterns import PAY_MARKS, PAY_SIGNS

NAMES = """
paywall regwall pay-wall metered-content subscriber-only subscribers-content premium-content premiumbarrier
premium-gate tp-modal tp-container-inner tp-backdrop piano-offer piano-inline gateway-content leaky_paywall
pelcro-menu poool article-gate articlebarrier article-locked content-gate locked-content paid-content
offer-barrier offergate article__premium-end restricted-content membership-wall membershipgate
"""


def test_whatever_marks_a_paywall_has_one_of_the_signs() -> None:
    for name in NAMES.split():
        assert PAY_MARKS.search(name), name
        assert any(sign in name for sign in PAY_SIGNS), name
