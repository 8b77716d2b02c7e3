package io.mailgenius.api.uploads;

import io.swagger.v3.oas.annotations.Operation;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The protocol itself is the library's.
 *
 * @see <a href="https://tus.io/protocols/resumable-upload">tus 1.0</a>
 */
@RestController
@RequestMapping(Uploads.PATH)
class UploadsController {

    private static final Set<String> ASKING = Set.of("HEAD", "OPTIONS");

    private final Uploads uploads;

    UploadsController(Uploads uploads) {
        this.uploads = uploads;
    }

    @PostMapping
    @Operation(summary = "Announce a file (tus 1.0); the pieces go to the answer's Location")
    void create(HttpServletRequest request, HttpServletResponse response) throws IOException {
        uploads.process(request, response);
    }

    @PatchMapping("/{id}")
    @Operation(summary = "Send a piece of it, from Upload-Offset")
    void append(@PathVariable String id, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        uploads.process(request, response);
    }

    @DeleteMapping("/{id}")
    @Operation(summary = "Throw it away")
    void delete(@PathVariable String id, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        uploads.process(request, response);
    }

    /** HEAD, how much has arrived; OPTIONS, what the server can. */
    @RequestMapping(path = "/{id}")
    @Operation(hidden = true)
    void ask(@PathVariable String id, HttpServletRequest request, HttpServletResponse response)
            throws IOException, HttpRequestMethodNotSupportedException {
        answer(request, response, "PATCH", "HEAD", "DELETE", "OPTIONS");
    }

    @RequestMapping
    @Operation(hidden = true)
    void askAll(HttpServletRequest request, HttpServletResponse response)
            throws IOException, HttpRequestMethodNotSupportedException {
        answer(request, response, "POST", "HEAD", "OPTIONS");
    }

    private void answer(HttpServletRequest request, HttpServletResponse response, String... methods)
            throws IOException, HttpRequestMethodNotSupportedException {
        String method = request.getMethod();
        if (!ASKING.contains(method)) {
            throw new HttpRequestMethodNotSupportedException(method, List.of(methods));
        }
        uploads.process(request, response);
    }
}
