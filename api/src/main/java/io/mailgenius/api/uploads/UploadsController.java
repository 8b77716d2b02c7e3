package io.mailgenius.api.uploads;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.springframework.http.HttpStatus;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
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
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(
            summary = "Announce a file (tus 1.0); the pieces go to the answer's Location",
            parameters = {
                @Parameter(
                        name = "Tus-Resumable",
                        in = ParameterIn.HEADER,
                        required = true,
                        schema = @Schema(type = "string", allowableValues = "1.0.0")),
                @Parameter(
                        name = "Upload-Length",
                        in = ParameterIn.HEADER,
                        required = true,
                        description = "Bytes of the whole file",
                        schema =
                                @Schema(
                                        type = "integer",
                                        format = "int64",
                                        minimum = "0",
                                        maximum = "10737418240")),
                @Parameter(
                        name = "Upload-Metadata",
                        in = ParameterIn.HEADER,
                        description = "The name of the file (filename), in Base64",
                        schema =
                                @Schema(
                                        type = "string",
                                        pattern =
                                                "^[a-z]+ [A-Za-z0-9+/]+={0,2}(,[a-z]+ [A-Za-z0-9+/]+={0,2})*$"))
            })
    void create(HttpServletRequest request, HttpServletResponse response) throws IOException {
        uploads.announce(request, response);
    }

    @PatchMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            summary = "Send a piece of it, from Upload-Offset",
            parameters = {
                @Parameter(
                        name = "Tus-Resumable",
                        in = ParameterIn.HEADER,
                        required = true,
                        schema = @Schema(type = "string", allowableValues = "1.0.0")),
                @Parameter(
                        name = "Upload-Offset",
                        in = ParameterIn.HEADER,
                        required = true,
                        description = "How much has arrived before",
                        schema =
                                @Schema(
                                        type = "integer",
                                        format = "int64",
                                        minimum = "0",
                                        maximum = "10737418240"))
            },
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = "application/offset+octet-stream",
                                            schema = @Schema(type = "string", format = "binary"))))
    void append(@PathVariable String id, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        uploads.process(request, response);
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            summary = "Throw it away",
            parameters =
                    @Parameter(
                            name = "Tus-Resumable",
                            in = ParameterIn.HEADER,
                            required = true,
                            schema = @Schema(type = "string", allowableValues = "1.0.0")))
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
