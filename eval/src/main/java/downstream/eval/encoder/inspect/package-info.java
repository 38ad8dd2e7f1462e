/** What an encoder file holds, a proposed spec for it, and whether both engines agree on it. */
@NullMarked
package downstream.eval.encoder.inspect;

import org.jspecify.annotations.NullMarked;
