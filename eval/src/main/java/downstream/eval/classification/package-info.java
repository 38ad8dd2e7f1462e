/**
 * The classification task: the class of an image, or of an object cut out of one, from an encoder's
 * pooled features. Nothing else in this module depends on this package.
 */
@NullMarked
package downstream.eval.classification;

import org.jspecify.annotations.NullMarked;
