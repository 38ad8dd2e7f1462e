/** Encoders derived from others: another image size, windowed attention, random weights. */
@NullMarked
package downstream.eval.encoder.rewrite;

import org.jspecify.annotations.NullMarked;
