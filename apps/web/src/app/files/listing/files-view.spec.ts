import { convertToParamMap } from '@angular/router';

import { type FilesView, paramsOf, sortedBy, viewOf, withTagToggled } from './files-view';

const plain: FilesView = { tags: [], text: '', sort: 'name', order: 'asc' };

describe('viewOf and paramsOf', () => {
  it('should come back the same when a view goes through the address', () => {
    const view: FilesView = {
      tags: ['holiday', 'to print'],
      text: 'img',
      sort: 'size',
      order: 'asc',
    };
    expect(viewOf(convertToParamMap(paramsOf(view)))).toEqual(view);
  });

  it('should leave the address empty when nothing is out of the ordinary', () => {
    expect(Object.values(paramsOf(plain))).toEqual([null, null, null, null]);
    expect(viewOf(convertToParamMap({}))).toEqual(plain);
  });

  it('should leave out what is wrong when an address was made by hand', () => {
    const params = convertToParamMap({
      sort: 'colour',
      order: 'up',
      tag: ['a', '', 'a'],
      q: ' x ',
    });
    expect(viewOf(params)).toEqual({ tags: ['a'], text: 'x', sort: 'name', order: 'asc' });
  });
});

describe('sortedBy', () => {
  it('should begin with the largest when another column is chosen', () => {
    expect(sortedBy(plain, 'size')).toMatchObject({ sort: 'size', order: 'desc' });
  });

  it('should turn the order round when the same column is chosen again', () => {
    expect(sortedBy(plain, 'name')).toMatchObject({ sort: 'name', order: 'desc' });
  });
});

describe('withTagToggled', () => {
  it('should add a tag when it is absent and take it out when it is there', () => {
    const tagged = withTagToggled(plain, 'holiday');
    expect(tagged.tags).toEqual(['holiday']);
    expect(withTagToggled(tagged, 'holiday').tags).toEqual([]);
  });
});
