/** The training loop: batches, steps, checkpoints, logs. */
@NullMarked
package downstream.eval.train;

import org.jspecify.annotations.NullMarked;
