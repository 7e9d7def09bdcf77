"""From bytes to a document: decoding, parsing, blocks, and what the markup says."""
