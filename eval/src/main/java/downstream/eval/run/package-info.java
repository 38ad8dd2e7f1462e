/** Stored runs: the result file, its records, and the folder of runs. */
@NullMarked
package downstream.eval.run;

import org.jspecify.annotations.NullMarked;
