package io.mailgenius.api.imports;

import io.mailgenius.console.pages.ListLinks;
import io.mailgenius.jobs.imports.ImportView;
import io.mailgenius.jobs.imports.Imports;
import io.mailgenius.jobs.imports.columns.ImportOptions;
import io.mailgenius.jobs.workspaces.Page;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RequestPart;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.servlet.ModelAndView;

/** Imports in the console. */
@Controller
class ImportPages {

    private static final int AT_ONCE = 50;

    private final Imports imports;

    ImportPages(Imports imports) {
        this.imports = imports;
    }

    @GetMapping("/imports")
    ModelAndView list(@RequestParam(required = false) @Nullable Long after) {
        Page<ImportView> page = imports.page(after == null ? 0 : after, AT_ONCE);
        return new ModelAndView("imports")
                .addObject("imports", page.items())
                .addObject("links", ListLinks.of("/imports", after, page.next()));
    }

    @PostMapping("/imports")
    String start(@RequestPart("file") MultipartFile file) {
        ImportView started =
                imports.start(
                        ImportsController.name(file),
                        ImportsController.content(file),
                        ImportOptions.DEFAULT);
        return "redirect:/imports/" + started.id();
    }

    @GetMapping("/imports/{id}")
    ModelAndView one(@PathVariable long id) {
        return new ModelAndView("import").addObject("one", imports.find(id));
    }

    @GetMapping("/imports/{id}/rejects.csv")
    void rejects(@PathVariable long id, HttpServletResponse response) throws IOException {
        RejectsDownload.write(imports, id, response);
    }
}
