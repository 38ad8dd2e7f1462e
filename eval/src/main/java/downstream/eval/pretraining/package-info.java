/** The interface of a pretraining method. */
@NullMarked
package downstream.eval.pretraining;

import org.jspecify.annotations.NullMarked;
