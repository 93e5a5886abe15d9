"""Twilio Studio, v2: flows that Twilio hosts and performs itself, so that nobody else need be there."""
