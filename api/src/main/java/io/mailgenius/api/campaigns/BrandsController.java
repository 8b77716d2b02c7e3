package io.mailgenius.api.campaigns;

import io.mailgenius.api.json.Created;
import io.mailgenius.jobs.campaigns.BrandDraft;
import io.mailgenius.jobs.campaigns.BrandView;
import io.mailgenius.jobs.campaigns.Brands;
import io.mailgenius.jobs.workspaces.Page;
import io.swagger.v3.oas.annotations.Operation;
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
@RequestMapping(BrandsController.PATH)
class BrandsController {

    static final String PATH = "/api/v1/brands";

    private final Brands brands;

    BrandsController(Brands brands) {
        this.brands = brands;
    }

    @GetMapping
    @Operation(summary = "Sender identities")
    Page<BrandView> page(
            @RequestParam(defaultValue = "0") long after,
            @RequestParam(defaultValue = "50") int limit) {
        return brands.page(after, limit);
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(summary = "Create a sender identity, whose domain is proven")
    ResponseEntity<BrandView> create(@RequestBody BrandDraft draft) {
        BrandView created = brands.create(draft);
        return Created.at(PATH, created.id(), created);
    }

    @GetMapping("/{id}")
    @Operation(summary = "A sender identity")
    BrandView find(@PathVariable long id) {
        return brands.find(id);
    }

    @PutMapping("/{id}")
    @Operation(summary = "Replace it; launched campaigns keep what is in their mails")
    BrandView replace(@PathVariable long id, @RequestBody BrandDraft draft) {
        return brands.replace(id, draft);
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Delete it, if no campaign uses it")
    void delete(@PathVariable long id) {
        brands.delete(id);
    }
}
