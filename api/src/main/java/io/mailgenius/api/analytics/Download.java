package io.mailgenius.api.analytics;

import io.mailgenius.jobs.analytics.FigureFile;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;

/** A CSV file as response. */
final class Download {

    private Download() {}

    static void write(FigureFile file, String name, HttpServletResponse response)
            throws IOException {
        response.setContentType("text/csv;charset=UTF-8");
        response.setHeader(
                HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + name + ".csv\"");
        file.writeTo(response.getOutputStream());
    }
}
