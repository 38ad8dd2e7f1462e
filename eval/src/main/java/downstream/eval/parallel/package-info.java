/** Data-parallel training: replicas of a network that share a batch, each on its own thread. */
@NullMarked
package downstream.eval.parallel;

import org.jspecify.annotations.NullMarked;
