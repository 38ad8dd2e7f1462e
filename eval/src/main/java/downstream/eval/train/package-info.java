/** The one training loop: optimiser, schedule, checkpoints, progress. */
@NullMarked
package downstream.eval.train;

import org.jspecify.annotations.NullMarked;
