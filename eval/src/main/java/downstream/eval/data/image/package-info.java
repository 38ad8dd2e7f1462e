/** Image files and label maps: decoding, headers, PNG writing. */
@NullMarked
package downstream.eval.data.image;

import org.jspecify.annotations.NullMarked;
