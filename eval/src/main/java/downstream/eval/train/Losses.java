package downstream.eval.train;

import ai.djl.ndarray.NDArray;
import java.util.Map;

/**
 * Losses of one batch.
 *
 * @param total the scalar that is minimised, float32, in the autograd graph
 * @param terms each summand by name, scalars, for the log; may be {@code {"loss": total}}
 */
public record Losses(NDArray total, Map<String, NDArray> terms) {}
