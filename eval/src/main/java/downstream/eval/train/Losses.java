package downstream.eval.train;

import ai.djl.ndarray.NDArray;
import java.util.Map;

/**
 * What one batch gave.
 *
 * @param total the scalar that is minimised, float32, in the autograd graph
 * @param terms each summand by name, scalars, for the log; may be {@code {"loss": total}}
 */
public record Losses(NDArray total, Map<String, NDArray> terms) {}
