package io.mailgenius.jobs.imports.files;

/**
 * A sheet of a spreadsheet.
 *
 * @param hidden whether spreadsheet programs do not show it
 * @param read whether its rows are those that would be imported
 */
public record PreviewSheet(String name, boolean hidden, boolean read) {}
