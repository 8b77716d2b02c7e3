package io.mailgenius.jobs.templates;

/** What a template is to be called and to say. */
public record TemplateDraft(String name, TemplateSource source) {}
