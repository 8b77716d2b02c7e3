package io.mailgenius.api.clients;

import io.mailgenius.api.access.Caller;
import io.mailgenius.api.json.Created;
import io.mailgenius.jobs.clients.NewOAuthClient;
import io.mailgenius.jobs.clients.OAuthClientDraft;
import io.mailgenius.jobs.clients.OAuthClientView;
import io.mailgenius.jobs.clients.OAuthClients;
import io.mailgenius.jobs.workspaces.Page;
import io.swagger.v3.oas.annotations.Operation;
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
@RequestMapping(OAuthClientsController.PATH)
class OAuthClientsController {

    static final String PATH = "/api/v1/oauth-clients";

    private final OAuthClients clients;

    OAuthClientsController(OAuthClients clients) {
        this.clients = clients;
    }

    @GetMapping
    @Operation(summary = "OAuth clients, without their secrets")
    Page<OAuthClientView> page(
            @RequestParam(defaultValue = "0") long after,
            @RequestParam(defaultValue = "50") int limit) {
        return clients.page(after, limit);
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(summary = "Make an OAuth client, whose secret is shown this once")
    ResponseEntity<NewOAuthClient> create(@RequestBody OAuthClientDraft draft) {
        NewOAuthClient made = clients.create(draft, Caller.current().permissions());
        return Created.at(PATH, made.client().id(), made);
    }

    @GetMapping("/{id}")
    @Operation(summary = "One OAuth client")
    OAuthClientView find(@PathVariable long id) {
        return clients.find(id);
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Revoke an OAuth client: its tokens open nothing from now on")
    void revoke(@PathVariable long id) {
        clients.revoke(id);
    }
}
