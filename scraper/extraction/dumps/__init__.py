"""The body of an article in a text dump without markup: a Decision for each line; read by extract.article."""
