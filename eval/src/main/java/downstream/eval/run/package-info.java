/** Tasks, protocols, runs: what is asked, what was done, what came out. */
@NullMarked
package downstream.eval.run;

import org.jspecify.annotations.NullMarked;
