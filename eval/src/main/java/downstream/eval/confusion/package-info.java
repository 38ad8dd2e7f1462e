/** Confusion matrices of any task: how they are drawn and how two runs' matrices are compared. */
@NullMarked
package downstream.eval.confusion;

import org.jspecify.annotations.NullMarked;
