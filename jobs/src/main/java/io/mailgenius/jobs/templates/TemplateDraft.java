package io.mailgenius.jobs.templates;

/** A template to create, or the next version of one. */
public record TemplateDraft(String name, TemplateSource source) {}
