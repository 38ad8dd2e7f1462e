/** Optimisers, their state, and learning-rate schedules. */
@NullMarked
package downstream.eval.train.optimiser;

import org.jspecify.annotations.NullMarked;
