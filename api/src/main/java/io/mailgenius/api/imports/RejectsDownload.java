package io.mailgenius.api.imports;

import io.mailgenius.jobs.imports.Imports;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.http.HttpHeaders;

/** The rows that an import refused, as a file to mend and to import again. */
final class RejectsDownload {

    private RejectsDownload() {}

    static void write(Imports imports, long id, HttpServletResponse response) throws IOException {
        // Before the first byte, so that an import that is not there is still a 404.
        imports.find(id);
        response.setContentType("text/csv");
        response.setCharacterEncoding(StandardCharsets.UTF_8);
        response.setHeader(
                HttpHeaders.CONTENT_DISPOSITION,
                "attachment; filename=\"import-" + id + "-rejects.csv\"");
        imports.writeRejects(id, response.getWriter());
    }
}
