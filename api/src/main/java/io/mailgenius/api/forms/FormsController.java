package io.mailgenius.api.forms;

import io.mailgenius.api.json.Created;
import io.mailgenius.jobs.forms.FormDraft;
import io.mailgenius.jobs.forms.FormRequestView;
import io.mailgenius.jobs.forms.FormRequests;
import io.mailgenius.jobs.forms.FormView;
import io.mailgenius.jobs.forms.Forms;
import io.mailgenius.jobs.workspaces.Page;
import io.mailgenius.schema.FormRequestStatus;
import io.swagger.v3.oas.annotations.Operation;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping(FormsController.PATH)
class FormsController {

    static final String PATH = "/api/v1/forms";

    private final Forms forms;
    private final FormRequests requests;

    FormsController(Forms forms, FormRequests requests) {
        this.forms = forms;
        this.requests = requests;
    }

    @GetMapping
    @Operation(summary = "Forms")
    Page<FormView> page(
            @RequestParam(defaultValue = "0") long after,
            @RequestParam(defaultValue = "50") int limit) {
        return forms.page(after, limit);
    }

    @PostMapping
    @Operation(summary = "Create a sign-up form")
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<FormView> create(@RequestBody FormDraft draft) {
        FormView created = forms.create(draft);
        return Created.at(PATH, created.id(), created);
    }

    @GetMapping("/{id}")
    @Operation(summary = "One form")
    FormView find(@PathVariable long id) {
        return forms.find(id);
    }

    @PutMapping("/{id}")
    @Operation(summary = "Replace all settings of a form")
    FormView update(@PathVariable long id, @RequestBody FormDraft draft) {
        return forms.update(id, draft);
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Delete a form and its requests; proofs of consent are kept")
    void delete(@PathVariable long id) {
        forms.delete(id);
    }

    @GetMapping("/{id}/requests")
    @Operation(summary = "The requests of a form and their status, the newest first")
    Page<FormRequestView> requests(
            @PathVariable long id,
            @RequestParam(required = false) @Nullable FormRequestStatus status,
            @RequestParam(defaultValue = "0") long after,
            @RequestParam(defaultValue = "50") int limit) {
        return requests.page(id, status, after, limit);
    }
}
