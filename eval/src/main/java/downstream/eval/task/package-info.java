/** The interface of a task (detection, segmentation), its protocols and its scores. */
@NullMarked
package downstream.eval.task;

import org.jspecify.annotations.NullMarked;
