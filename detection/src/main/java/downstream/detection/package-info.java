/** The detection task: examples, training, prediction. */
@NullMarked
package downstream.detection;

import org.jspecify.annotations.NullMarked;
