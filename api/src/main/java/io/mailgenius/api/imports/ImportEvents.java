package io.mailgenius.api.imports;

import io.mailgenius.jobs.imports.ImportView;
import io.mailgenius.jobs.imports.Imports;
import io.mailgenius.schema.ImportStatus;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells whoever listens how an import goes, and that it has ended. In the request's own thread,
 * which is a virtual one and costs nothing while it waits.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">Server-sent
 *     events</a>
 */
@Component
class ImportEvents {

    private static final long BETWEEN_LOOKS_MILLIS = 500;

    /** A proxy closes what is silent for long. */
    private static final int LOOKS_UNTIL_A_SIGN_OF_LIFE = 30;

    private final Imports imports;
    private final JsonMapper json;
    private volatile boolean closing;

    ImportEvents(Imports imports, JsonMapper json) {
        this.imports = imports;
        this.json = json;
    }

    /** So that a node which leaves does not wait for those who listen: they come back elsewhere. */
    @EventListener(ContextClosedEvent.class)
    void close() {
        closing = true;
    }

    /** Returns when the import has ended, or nobody listens any more. */
    void send(long id, HttpServletResponse response) throws IOException {
        // Before the first byte, so that an import that is not there is still a 404.
        ImportView view = imports.find(id);
        response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
        response.setCharacterEncoding(StandardCharsets.UTF_8);
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        OutputStream out = response.getOutputStream();
        ImportView told = null;
        int silent = 0;
        while (!closing) {
            boolean over = isOver(view);
            if (over || isNews(view, told)) {
                write(out, over ? "ended" : "progress", view);
                told = view;
                silent = 0;
            } else if (++silent % LOOKS_UNTIL_A_SIGN_OF_LIFE == 0) {
                out.write(":\n\n".getBytes(StandardCharsets.US_ASCII));
                out.flush();
            }
            if (over) {
                return;
            }
            try {
                Thread.sleep(BETWEEN_LOOKS_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            view = imports.find(id);
        }
    }

    private static boolean isOver(ImportView view) {
        boolean undone = view.undo() == null || !isLive(view.undo().status());
        return !isLive(view.status()) && undone;
    }

    private static boolean isLive(ImportStatus status) {
        return switch (status) {
            case PENDING, RUNNING -> true;
            case COMPLETED, FAILED, STOPPED -> false;
        };
    }

    private static boolean isNews(ImportView view, @Nullable ImportView told) {
        return told == null
                || view.status() != told.status()
                || view.step() != told.step()
                || view.progress() != told.progress()
                || !view.rows().equals(told.rows());
    }

    private void write(OutputStream out, String event, ImportView view) throws IOException {
        out.write(
                "event: %s\ndata: %s\n\n"
                        .formatted(event, json.writeValueAsString(view))
                        .getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
