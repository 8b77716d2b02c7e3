package io.mailgenius.api.campaigns;

import io.mailgenius.jobs.delivery.SendView;
import io.mailgenius.jobs.delivery.Sends;
import io.mailgenius.jobs.workspaces.Page;
import io.mailgenius.schema.SendStatus;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringReader;
import java.util.Locale;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.apache.tomcat.util.http.parser.AcceptEncoding;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Who got a campaign's mail, who did not, and why. */
@RestController
@RequestMapping(CampaignsController.PATH + "/{id}")
class RecipientsController {

    private static final int BUFFER = 1 << 16;
    private static final Set<String> GZIP = Set.of("gzip", "x-gzip");

    private final Sends sends;

    RecipientsController(Sends sends) {
        this.sends = sends;
    }

    @GetMapping("/recipients")
    @Operation(summary = "What became of the mail to each recipient, and why")
    Page<SendView> page(
            @PathVariable long id,
            @RequestParam(required = false) @Nullable SendStatus status,
            @RequestParam(defaultValue = "0") long after,
            @RequestParam(defaultValue = "50") int limit) {
        return sends.page(id, status, after, limit);
    }

    @GetMapping(path = "/recipients.csv", produces = "text/csv")
    @Operation(summary = "The same as CSV, packed for whoever accepts gzip")
    void export(
            @PathVariable long id,
            @RequestParam(required = false) @Nullable SendStatus status,
            @RequestHeader(name = HttpHeaders.ACCEPT_ENCODING, defaultValue = "") String accepted,
            HttpServletResponse response)
            throws IOException {
        // Before the first byte, so that a campaign that is not there is still a 404.
        Sends.Export export = sends.export(id, status);
        response.setContentType("text/csv;charset=UTF-8");
        response.setHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
        response.setHeader(
                HttpHeaders.CONTENT_DISPOSITION,
                "attachment; filename=\"campaign-" + id + "-recipients.csv\"");
        OutputStream out = response.getOutputStream();
        if (takesGzip(accepted)) {
            response.setHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
            out = new GZIPOutputStream(out, BUFFER);
        }
        export.writeTo(out);
    }

    /** As Tomcat reads the header; who sends one that cannot be read gets it plain. */
    private static boolean takesGzip(String accepted) {
        try {
            return AcceptEncoding.parse(new StringReader(accepted)).stream()
                    .anyMatch(
                            it ->
                                    GZIP.contains(it.getEncoding().toLowerCase(Locale.ROOT))
                                            && it.getQuality() > 0);
        } catch (IOException unreadable) {
            return false;
        }
    }
}
