package io.mailgenius.engine.progress;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;

/** A job with its steps, in the order of their first chunks. */
public record JobDetail(@JsonUnwrapped JobView job, List<StepView> steps) {}
