/** Data sets: splits, images with their annotations, fingerprints and audits. */
@NullMarked
package downstream.eval.data;

import org.jspecify.annotations.NullMarked;
