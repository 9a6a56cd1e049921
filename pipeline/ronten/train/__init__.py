"""Commands that build the models ronten ships."""
