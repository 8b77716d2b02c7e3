package io.mailgenius.api.imports;

import io.mailgenius.api.json.Created;
import io.mailgenius.api.json.StrictJson;
import io.mailgenius.api.problems.StorableText;
import io.mailgenius.api.uploads.Uploads;
import io.mailgenius.jobs.imports.ImportPreview;
import io.mailgenius.jobs.imports.ImportView;
import io.mailgenius.jobs.imports.Imports;
import io.mailgenius.jobs.imports.columns.ImportOptions;
import io.mailgenius.jobs.imports.storage.Arrival;
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
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
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
            @Schema(type = "string", format = "binary") String file,
            @Nullable ImportOptions options) {}

    /**
     * A file that has arrived in pieces.
     *
     * @param upload the last step of its Location
     */
    record Arrived(String upload, @Nullable ImportOptions options) {

        ImportOptions optionsOrUsual() {
            return options == null ? ImportOptions.DEFAULT : options;
        }
    }

    private final Imports imports;
    private final Uploads uploads;
    private final ImportEvents events;
    private final StrictJson json;

    ImportsController(Imports imports, Uploads uploads, ImportEvents events, StrictJson json) {
        this.imports = imports;
        this.uploads = uploads;
        this.events = events;
        this.json = json;
    }

    @PostMapping(consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(
            summary = "Import a file",
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
        ImportView started = imports.start(name(file), content(file), options(request));
        return Created.accepted(PATH, started.id(), started);
    }

    /** By hand, because not every client gives this part a media type. It may be null in JSON. */
    private ImportOptions options(HttpServletRequest request) throws IOException, ServletException {
        Part part = request.getPart("options");
        ImportOptions options =
                part == null ? null : json.read(part.getInputStream(), ImportOptions.class);
        return options == null ? ImportOptions.DEFAULT : options;
    }

    /** Tomcat has written it to the disk of the uploads already, and gives it another name. */
    static Arrival content(MultipartFile file) {
        return target -> file.transferTo(target.toFile());
    }

    static String name(MultipartFile file) {
        String name = file.getOriginalFilename();
        return name == null || name.isBlank()
                ? "contacts.csv"
                : StorableText.require("The name of the file", name);
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Import a file that was uploaded in pieces")
    ResponseEntity<ImportView> startArrived(@RequestBody Arrived arrived) {
        Uploads.Arrived file = uploads.find(arrived.upload());
        ImportView started =
                file.handedOver(
                        () ->
                                imports.start(
                                        file.fileName(), file.content(), arrived.optionsOrUsual()));
        uploads.drop(arrived.upload());
        return Created.accepted(PATH, started.id(), started);
    }

    @PostMapping(path = "/preview", consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
    @Operation(
            summary = "What a file is, and what an import would make of it; nothing is kept",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.MULTIPART_FORM_DATA_VALUE,
                                            schema = @Schema(implementation = Upload.class))))
    ImportPreview preview(
            @Parameter(hidden = true) @RequestPart("file") MultipartFile file,
            HttpServletRequest request)
            throws IOException, ServletException {
        ImportOptions options = options(request);
        try (InputStream content = file.getInputStream()) {
            return imports.preview(name(file), content, options);
        }
    }

    @PostMapping(path = "/preview", consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(summary = "The same of a file that was uploaded in pieces; it stays for the import")
    ImportPreview previewArrived(@RequestBody Arrived arrived) throws IOException {
        Uploads.Arrived file = uploads.find(arrived.upload());
        try (InputStream content = file.open()) {
            return imports.preview(file.fileName(), content, arrived.optionsOrUsual());
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

    @GetMapping(path = "/{id}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Operation(summary = "The same as it changes, until the import has ended (server-sent events)")
    void events(@PathVariable long id, HttpServletResponse response) throws IOException {
        events.send(id, response);
    }

    @PostMapping("/{id}/undo")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Take back what it did, as far as nobody has touched it since")
    ResponseEntity<ImportView> undo(@PathVariable long id) {
        return Created.accepted(PATH, id, imports.undo(id));
    }

    @GetMapping(path = "/{id}/rejects.csv", produces = "text/csv")
    @Operation(summary = "The rows that were refused, each with the reason")
    void rejects(@PathVariable long id, HttpServletResponse response) throws IOException {
        RejectsDownload.write(imports, id, response);
    }
}
