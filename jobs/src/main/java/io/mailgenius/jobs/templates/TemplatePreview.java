package io.mailgenius.jobs.templates;

import java.util.List;

/**
 * A template as one contact would see it.
 *
 * @param unknownVariables what it asks for and no mail brings
 */
public record TemplatePreview(
        RenderedMail mail, List<String> variables, List<String> unknownVariables) {}
