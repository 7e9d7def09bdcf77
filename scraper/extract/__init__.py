"""From the bytes of a page to an article or a reason why it is none: pure."""
