"""The JSON API that the practice page uses, described by the OpenAPI file it serves."""
