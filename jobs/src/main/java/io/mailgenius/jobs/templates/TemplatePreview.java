package io.mailgenius.jobs.templates;

import java.util.List;

/**
 * A template rendered for one contact.
 *
 * @param unknownVariables variables that the template reads and no mail provides
 */
public record TemplatePreview(
        RenderedMail mail, List<String> variables, List<String> unknownVariables) {}
