/** Execution of a pretraining: stages, budget, export, output folder. */
@NullMarked
package downstream.pretrain.run;

import org.jspecify.annotations.NullMarked;
