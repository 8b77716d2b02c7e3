package io.mailgenius.api.keys;

import io.mailgenius.api.access.Caller;
import io.mailgenius.api.json.Created;
import io.mailgenius.jobs.workspaces.ApiKeyDraft;
import io.mailgenius.jobs.workspaces.ApiKeyView;
import io.mailgenius.jobs.workspaces.ApiKeys;
import io.mailgenius.jobs.workspaces.NewApiKey;
import io.mailgenius.jobs.workspaces.Page;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping(KeysController.PATH)
class KeysController {

    static final String PATH = "/api/v1/keys";

    private final ApiKeys keys;

    KeysController(ApiKeys keys) {
        this.keys = keys;
    }

    /**
     * @param overlapSeconds for how long the old key works besides the new one
     */
    record Rotation(@Min(0) @Max(2_592_000) long overlapSeconds) {}

    @GetMapping
    @Operation(summary = "Keys, without what opens anything")
    Page<ApiKeyView> page(
            @RequestParam(defaultValue = "0") long after,
            @RequestParam(defaultValue = "50") int limit) {
        return keys.page(after, limit);
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(summary = "Make a key, which is shown this once")
    ResponseEntity<NewApiKey> create(@RequestBody ApiKeyDraft draft) {
        NewApiKey made = keys.create(draft, Caller.current().permissions());
        return Created.at(PATH, made.key().id(), made);
    }

    @GetMapping("/{id}")
    @Operation(summary = "One key")
    ApiKeyView find(@PathVariable long id) {
        return keys.find(id);
    }

    @PostMapping("/{id}/rotate")
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(summary = "Make a key that may do the same, and let this one end after the overlap")
    ResponseEntity<NewApiKey> rotate(@PathVariable long id, @RequestBody Rotation rotation) {
        NewApiKey made =
                keys.rotate(
                        id,
                        Duration.ofSeconds(rotation.overlapSeconds()),
                        Caller.current().permissions());
        return Created.at(PATH, made.key().id(), made);
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Revoke a key: it opens nothing from now on")
    void revoke(@PathVariable long id) {
        keys.revoke(id);
    }
}
