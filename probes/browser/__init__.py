"""Browser journeys: a pool, a stage for page objects, a step recorder, evidence."""
