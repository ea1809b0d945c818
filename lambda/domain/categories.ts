import type * as z from 'zod';
import type { categoryTree } from '../contract/schemas/discussion.ts';

type Tree = z.infer<typeof categoryTree>;

/** A leaf: id, Japanese, English. */
type Leaf = readonly [id: string, ja: string, en: string];

function group(id: string, ja: string, en: string, leaves: readonly Leaf[]): Tree['items'][number] {
  return {
    id,
    names: { ja, en },
    leaves: leaves.map(([leaf, inJa, inEn]) => ({ id: leaf, names: { ja: inJa, en: inEn } })),
  };
}

/** The two levels of categories. `other` is a leaf by itself. Ids stand in stored discussions: none may change. */
export const categories: Tree = {
  items: [
    group('politics', '政治', 'Politics', [
      ['national-politics', '国政', 'National politics'],
      ['local-politics', '地方政治', 'Local politics'],
      ['international-politics', '国際政治', 'International politics'],
      ['elections', '選挙', 'Elections'],
      ['policy', '政策', 'Policy'],
      ['law-constitution', '法律・憲法', 'Law and constitution'],
    ]),
    group('economy', '経済', 'Economy', [
      ['finance-investment', '金融・投資', 'Finance and investment'],
      ['business', 'ビジネス', 'Business'],
      ['employment-labor', '雇用・労働', 'Employment and labour'],
      ['tax-public-finance', '税・財政', 'Tax and public finance'],
      ['trade', '貿易', 'Trade'],
      ['real-estate', '不動産', 'Real estate'],
      ['household-economy', '家計', 'Household economy'],
    ]),
    group('society', '社会', 'Society', [
      ['education', '教育', 'Education'],
      ['healthcare', '医療・健康', 'Health care'],
      ['welfare', '福祉', 'Welfare'],
      ['environment', '環境', 'Environment'],
      ['family-gender', '家族・ジェンダー', 'Family and gender'],
      ['safety-disaster', '安全・防災', 'Safety and disasters'],
      ['media', 'メディア', 'Media'],
    ]),
    group('technology', 'テクノロジー', 'Technology', [
      ['ai-ml', 'AI・機械学習', 'AI and machine learning'],
      ['web-mobile', 'ウェブ・モバイル', 'Web and mobile'],
      ['security-privacy', 'セキュリティ・プライバシー', 'Security and privacy'],
      ['hardware', 'ハードウェア', 'Hardware'],
      ['science', '科学', 'Science'],
      ['space', '宇宙', 'Space'],
      ['energy', 'エネルギー', 'Energy'],
    ]),
    group('entertainment', 'エンターテインメント', 'Entertainment', [
      ['movies-tv', '映画・テレビ', 'Films and television'],
      ['music', '音楽', 'Music'],
      ['games', 'ゲーム', 'Games'],
      ['anime-manga', 'アニメ・マンガ', 'Anime and manga'],
      ['books', '本', 'Books'],
      ['art-culture', '芸術・文化', 'Art and culture'],
      ['celebrities', '芸能人', 'Celebrities'],
    ]),
    group('sports', 'スポーツ', 'Sports', [
      ['baseball', '野球', 'Baseball'],
      ['soccer', 'サッカー', 'Football'],
      ['basketball', 'バスケットボール', 'Basketball'],
      ['tennis', 'テニス', 'Tennis'],
      ['martial-arts', '格闘技', 'Martial arts'],
      ['olympics', 'オリンピック', 'Olympics'],
      ['esports', 'eスポーツ', 'Esports'],
    ]),
    group('other', 'その他', 'Other', []),
  ],
};

const parents = new Map(
  categories.items.flatMap(({ id, leaves }): (readonly [string, string])[] =>
    leaves.length === 0 ? [[id, id]] : leaves.map((leaf) => [leaf.id, id]),
  ),
);

/** Whether a discussion can have this category: only leaves. */
export function isLeaf(id: string): boolean {
  return parents.has(id);
}

/** Whether discussions can be listed by it: a leaf or a group of leaves. */
export function isCategory(id: string): boolean {
  return parents.has(id) || categories.items.some((item) => item.id === id);
}

/** What a leaf is also listed under. */
export function parentOf(leaf: string): string {
  return parents.get(leaf) ?? leaf;
}
