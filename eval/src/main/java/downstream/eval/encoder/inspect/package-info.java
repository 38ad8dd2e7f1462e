/** Inspection of encoder files: their content, a proposed spec, and whether both engines agree. */
@NullMarked
package downstream.eval.encoder.inspect;

import org.jspecify.annotations.NullMarked;
