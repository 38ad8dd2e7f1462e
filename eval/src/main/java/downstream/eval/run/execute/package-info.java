/** Execution of runs: training, prediction, scoring, controls, reproduction. */
@NullMarked
package downstream.eval.run.execute;

import org.jspecify.annotations.NullMarked;
