package io.mailgenius.api.imports;

import io.mailgenius.api.json.Created;
import io.mailgenius.api.json.StrictJson;
import io.mailgenius.jobs.imports.ImportOptions;
import io.mailgenius.jobs.imports.ImportView;
import io.mailgenius.jobs.imports.Imports;
import io.mailgenius.jobs.workspaces.Page;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.io.InputStream;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RequestPart;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;

@RestController
@RequestMapping(ImportsController.PATH)
class ImportsController {

    static final String PATH = "/api/v1/imports";

    /** For the documentation: what the parts are. */
    private record Upload(
            @Schema(type = "string", format = "binary") String file, ImportOptions options) {}

    private final Imports imports;
    private final StrictJson json;

    ImportsController(Imports imports, StrictJson json) {
        this.imports = imports;
        this.json = json;
    }

    @PostMapping(consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(
            summary = "Import a CSV file",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.MULTIPART_FORM_DATA_VALUE,
                                            schema = @Schema(implementation = Upload.class))))
    ResponseEntity<ImportView> start(
            @Parameter(hidden = true) @RequestPart("file") MultipartFile file,
            HttpServletRequest request)
            throws IOException, ServletException {
        // By hand, because not every client gives this part a media type.
        Part options = request.getPart("options");
        String name = file.getOriginalFilename();
        try (InputStream content = file.getInputStream()) {
            ImportView started =
                    imports.start(
                            name == null || name.isBlank() ? "contacts.csv" : name,
                            content,
                            options == null
                                    ? ImportOptions.DEFAULT
                                    : json.read(options.getInputStream(), ImportOptions.class));
            return Created.accepted(PATH, started.id(), started);
        }
    }

    @GetMapping
    @Operation(summary = "Imports, the newest first")
    Page<ImportView> page(
            @RequestParam(defaultValue = "0") long after,
            @RequestParam(defaultValue = "50") int limit) {
        return imports.page(after, limit);
    }

    @GetMapping("/{id}")
    @Operation(summary = "How far an import is, and what became of its rows")
    ImportView find(@PathVariable long id) {
        return imports.find(id);
    }

    @GetMapping(path = "/{id}/rejects.csv", produces = "text/csv")
    @Operation(summary = "The rows that were refused, each with the reason")
    void rejects(@PathVariable long id, HttpServletResponse response) throws IOException {
        Rejects.write(imports, id, response);
    }
}
