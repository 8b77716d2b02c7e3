package io.mailgenius.api.endpoints;

import io.mailgenius.api.json.Created;
import io.mailgenius.jobs.endpoints.DeliveryView;
import io.mailgenius.jobs.endpoints.EndpointChange;
import io.mailgenius.jobs.endpoints.EndpointDraft;
import io.mailgenius.jobs.endpoints.EndpointView;
import io.mailgenius.jobs.endpoints.Endpoints;
import io.mailgenius.jobs.endpoints.NewEndpoint;
import io.mailgenius.jobs.endpoints.NewSecret;
import io.mailgenius.jobs.endpoints.Replay;
import io.mailgenius.jobs.workspaces.Page;
import io.mailgenius.schema.DeliveryStatus;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping(EndpointsController.PATH)
class EndpointsController {

    static final String PATH = "/api/v1/endpoints";

    private static final int USUAL_HOURS = 24;

    /** A day if null. */
    record Rotation(@Min(0) @Max(168) @Nullable Integer othersExpireInHours) {}

    private final Endpoints endpoints;

    EndpointsController(Endpoints endpoints) {
        this.endpoints = endpoints;
    }

    @GetMapping
    @Operation(summary = "Endpoints that are told what happens, without their secrets")
    Page<EndpointView> page(
            @RequestParam(defaultValue = "0") long after,
            @RequestParam(defaultValue = "50") int limit) {
        return endpoints.page(after, limit);
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(summary = "Create an endpoint; its secret is shown this once")
    ResponseEntity<NewEndpoint> create(@RequestBody EndpointDraft draft) {
        NewEndpoint created = endpoints.create(draft);
        return Created.at(PATH, created.endpoint().id(), created);
    }

    @GetMapping("/{id}")
    @Operation(summary = "One endpoint, and since when it fails")
    EndpointView find(@PathVariable long id) {
        return endpoints.find(id);
    }

    @PatchMapping("/{id}")
    @Operation(summary = "Change what the body names, or switch it off and on")
    EndpointView update(@PathVariable long id, @RequestBody EndpointChange change) {
        return endpoints.update(id, change);
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Delete an endpoint with its secrets and messages")
    void delete(@PathVariable long id) {
        endpoints.delete(id);
    }

    @PostMapping("/{id}/secrets")
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(summary = "Add a secret, which replaces the others after some hours")
    NewSecret rotate(@PathVariable long id, @RequestBody Rotation rotation) {
        return endpoints.rotate(
                id, Objects.requireNonNullElse(rotation.othersExpireInHours(), USUAL_HOURS));
    }

    @PostMapping("/{id}/test")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Send a message of type endpoint.test")
    ResponseEntity<DeliveryView> test(@PathVariable long id) {
        DeliveryView queued = endpoints.test(id);
        return Created.accepted(PATH + "/" + id + "/deliveries", queued.id(), queued);
    }

    @PostMapping("/{id}/replay")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Deliver the messages of a time again, or all that failed")
    Replay.Replayed replay(@PathVariable long id, @RequestBody Replay replay) {
        return endpoints.replay(id, replay);
    }

    @GetMapping("/{id}/deliveries")
    @Operation(summary = "Messages to an endpoint, the newest first")
    Page<DeliveryView> deliveries(
            @PathVariable long id,
            @RequestParam(required = false) @Nullable DeliveryStatus status,
            @RequestParam(defaultValue = "0") long after,
            @RequestParam(defaultValue = "50") int limit) {
        return endpoints.deliveries(id, status, after, limit);
    }

    @GetMapping("/{id}/deliveries/{delivery}")
    @Operation(summary = "One message with each attempt: when, what was answered, how long it took")
    DeliveryView delivery(@PathVariable long id, @PathVariable long delivery) {
        return endpoints.delivery(id, delivery);
    }
}
