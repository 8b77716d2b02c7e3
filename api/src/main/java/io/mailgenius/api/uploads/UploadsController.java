package io.mailgenius.api.uploads;

import io.swagger.v3.oas.annotations.Operation;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
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
    @RequestMapping(path = {"", "/{id}"})
    @Operation(hidden = true)
    void ask(HttpServletRequest request, HttpServletResponse response) throws IOException {
        uploads.process(request, response);
    }
}
