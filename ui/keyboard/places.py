"""Phrases the pinyin engine does not know or ranks low: Shanghai's districts, towns and roads, and words of our field.

A phrase and its pinyin with one apostrophe between syllables (ü is v), two spaces between entries. Where several
share a pinyin, the earlier is offered first. Source: names as they stand on Shanghai's public maps and in its list of
districts, subdistricts and towns; readings that differ from the common one (漕 cao, 莘 xin, 行 hang, 番禺 panyu)
follow local use.
"""

PLACES = """
上海市 shang'hai'shi  浦东新区 pu'dong'xin'qu  黄浦区 huang'pu'qu  徐汇区 xu'hui'qu  长宁区 chang'ning'qu
静安区 jing'an'qu  普陀区 pu'tuo'qu  虹口区 hong'kou'qu  杨浦区 yang'pu'qu  闵行区 min'hang'qu  宝山区 bao'shan'qu
嘉定区 jia'ding'qu  金山区 jin'shan'qu  松江区 song'jiang'qu  青浦区 qing'pu'qu  奉贤区 feng'xian'qu
崇明区 chong'ming'qu  黄浦 huang'pu  徐汇 xu'hui  长宁 chang'ning  静安 jing'an  普陀 pu'tuo  虹口 hong'kou
杨浦 yang'pu  闵行 min'hang  宝山 bao'shan  嘉定 jia'ding  金山 jin'shan  松江 song'jiang  青浦 qing'pu
奉贤 feng'xian  崇明 chong'ming  浦东 pu'dong  上海 shang'hai  西安 xi'an  漕河泾 cao'he'jing  田林 tian'lin
虹梅路 hong'mei'lu  康健新村 kang'jian'xin'cun  凌云路 ling'yun'lu  龙华 long'hua  枫林路 feng'lin'lu
斜土路 xie'tu'lu  天平路 tian'ping'lu  湖南路 hu'nan'lu  徐家汇 xu'jia'hui  长桥 chang'qiao  华泾 hua'jing
外滩 wai'tan  南京东路 nan'jing'dong'lu  半淞园路 ban'song'yuan'lu  小东门 xiao'dong'men  老西门 lao'xi'men
豫园 yu'yuan  打浦桥 da'pu'qiao  淮海中路 huai'hai'zhong'lu  瑞金二路 rui'jin'er'lu  五里桥 wu'li'qiao
华阳路 hua'yang'lu  江苏路 jiang'su'lu  新华路 xin'hua'lu  周家桥 zhou'jia'qiao  天山路 tian'shan'lu
仙霞新村 xian'xia'xin'cun  虹桥 hong'qiao  程家桥 cheng'jia'qiao  北新泾 bei'xin'jing  新泾 xin'jing
静安寺 jing'an'si  曹家渡 cao'jia'du  石门二路 shi'men'er'lu  南京西路 nan'jing'xi'lu  大宁路 da'ning'lu
彭浦新村 peng'pu'xin'cun  彭浦 peng'pu  临汾路 lin'fen'lu  芷江西路 zhi'jiang'xi'lu  宝山路 bao'shan'lu
北站 bei'zhan  共和新路 gong'he'xin'lu  天目西路 tian'mu'xi'lu  曹杨新村 cao'yang'xin'cun
长风新村 chang'feng'xin'cun  长寿路 chang'shou'lu  甘泉路 gan'quan'lu  石泉路 shi'quan'lu  宜川路 yi'chuan'lu
真如 zhen'ru  万里 wan'li  桃浦 tao'pu  长征 chang'zheng  欧阳路 ou'yang'lu  曲阳路 qu'yang'lu
广中路 guang'zhong'lu  嘉兴路 jia'xing'lu  凉城新村 liang'cheng'xin'cun  四川北路 si'chuan'bei'lu
提篮桥 ti'lan'qiao  江湾 jiang'wan  定海路 ding'hai'lu  平凉路 ping'liang'lu  江浦路 jiang'pu'lu  四平路 si'ping'lu
控江路 kong'jiang'lu  延吉新村 yan'ji'xin'cun  长白新村 chang'bai'xin'cun  大桥 da'qiao  殷行 yin'hang
五角场 wu'jiao'chang  新江湾城 xin'jiang'wan'cheng  莘庄 xin'zhuang  七宝 qi'bao  颛桥 zhuan'qiao  华漕 hua'cao
虹桥镇 hong'qiao'zhen  梅陇 mei'long  吴泾 wu'jing  马桥 ma'qiao  浦江 pu'jiang  浦锦 pu'jin  江川路 jiang'chuan'lu
古美路 gu'mei'lu  新虹 xin'hong  友谊路 you'yi'lu  吴淞 wu'song  张庙 zhang'miao  罗店 luo'dian  大场 da'chang
杨行 yang'hang  月浦 yue'pu  罗泾 luo'jing  顾村 gu'cun  高境 gao'jing  庙行 miao'hang  淞南 song'nan
陆家嘴 lu'jia'zui  潍坊新村 wei'fang'xin'cun  塘桥 tang'qiao  周家渡 zhou'jia'du  东明路 dong'ming'lu
上钢新村 shang'gang'xin'cun  南码头路 nan'ma'tou'lu  沪东新村 hu'dong'xin'cun  金杨新村 jin'yang'xin'cun
洋泾 yang'jing  浦兴路 pu'xing'lu  花木 hua'mu  川沙 chuan'sha  高桥 gao'qiao  北蔡 bei'cai  合庆 he'qing
唐镇 tang'zhen  曹路 cao'lu  金桥 jin'qiao  高行 gao'hang  高东 gao'dong  张江 zhang'jiang  三林 san'lin
惠南 hui'nan  周浦 zhou'pu  新场 xin'chang  大团 da'tuan  康桥 kang'qiao  航头 hang'tou  祝桥 zhu'qiao
泥城 ni'cheng  宣桥 xuan'qiao  书院 shu'yuan  万祥 wan'xiang  老港 lao'gang  南汇新城 nan'hui'xin'cheng
临港 lin'gang  新成路 xin'cheng'lu  真新 zhen'xin  嘉定镇 jia'ding'zhen  南翔 nan'xiang  安亭 an'ting  马陆 ma'lu
徐行 xu'hang  华亭 hua'ting  外冈 wai'gang  江桥 jiang'qiao  岳阳 yue'yang  永丰 yong'feng  方松 fang'song
中山 zhong'shan  广富林 guang'fu'lin  九里亭 jiu'li'ting  泗泾 si'jing  佘山 she'shan  车墩 che'dun  新桥 xin'qiao
洞泾 dong'jing  九亭 jiu'ting  泖港 mao'gang  石湖荡 shi'hu'dang  新浜 xin'bang  叶榭 ye'xie  小昆山 xiao'kun'shan
夏阳 xia'yang  盈浦 ying'pu  香花桥 xiang'hua'qiao  朱家角 zhu'jia'jiao  赵巷 zhao'xiang  徐泾 xu'jing  华新 hua'xin
重固 zhong'gu  白鹤 bai'he  练塘 lian'tang  金泽 jin'ze  石化 shi'hua  朱泾 zhu'jing  枫泾 feng'jing  张堰 zhang'yan
亭林 ting'lin  吕巷 lv'xiang  廊下 lang'xia  金山卫 jin'shan'wei  漕泾 cao'jing  山阳 shan'yang  南桥 nan'qiao
奉城 feng'cheng  庄行 zhuang'hang  金汇 jin'hui  四团 si'tuan  青村 qing'cun  柘林 zhe'lin  海湾 hai'wan
奉浦 feng'pu  金海 jin'hai  城桥 cheng'qiao  堡镇 bao'zhen  新河 xin'he  庙镇 miao'zhen  竖新 shu'xin
向化 xiang'hua  三星 san'xing  港沿 gang'yan  中兴 zhong'xing  陈家镇 chen'jia'zhen  绿华 lv'hua  港西 gang'xi
建设 jian'she  新海 xin'hai  东平 dong'ping  长兴 chang'xing  新村 xin'cun  横沙 heng'sha
漕河泾街道 cao'he'jing'jie'dao  田林街道 tian'lin'jie'dao  龙华街道 long'hua'jie'dao  徐家汇街道 xu'jia'hui'jie'dao
长桥街道 chang'qiao'jie'dao  华泾镇 hua'jing'zhen  外滩街道 wai'tan'jie'dao  小东门街道 xiao'dong'men'jie'dao
老西门街道 lao'xi'men'jie'dao  豫园街道 yu'yuan'jie'dao  打浦桥街道 da'pu'qiao'jie'dao
五里桥街道 wu'li'qiao'jie'dao  周家桥街道 zhou'jia'qiao'jie'dao  虹桥街道 hong'qiao'jie'dao
程家桥街道 cheng'jia'qiao'jie'dao  北新泾街道 bei'xin'jing'jie'dao  新泾镇 xin'jing'zhen
静安寺街道 jing'an'si'jie'dao  曹家渡街道 cao'jia'du'jie'dao  彭浦镇 peng'pu'zhen  北站街道 bei'zhan'jie'dao
真如镇街道 zhen'ru'zhen'jie'dao  万里街道 wan'li'jie'dao  桃浦镇 tao'pu'zhen  长征镇 chang'zheng'zhen
北外滩街道 bei'wai'tan'jie'dao  江湾镇街道 jiang'wan'zhen'jie'dao  大桥街道 da'qiao'jie'dao  殷行街道 yin'hang'jie'dao
五角场街道 wu'jiao'chang'jie'dao  新江湾城街道 xin'jiang'wan'cheng'jie'dao  莘庄镇 xin'zhuang'zhen
七宝镇 qi'bao'zhen  颛桥镇 zhuan'qiao'zhen  华漕镇 hua'cao'zhen  梅陇镇 mei'long'zhen  吴泾镇 wu'jing'zhen
马桥镇 ma'qiao'zhen  浦江镇 pu'jiang'zhen  浦锦街道 pu'jin'jie'dao  新虹街道 xin'hong'jie'dao
吴淞街道 wu'song'jie'dao  张庙街道 zhang'miao'jie'dao  罗店镇 luo'dian'zhen  大场镇 da'chang'zhen
杨行镇 yang'hang'zhen  月浦镇 yue'pu'zhen  罗泾镇 luo'jing'zhen  顾村镇 gu'cun'zhen  高境镇 gao'jing'zhen
庙行镇 miao'hang'zhen  淞南镇 song'nan'zhen  陆家嘴街道 lu'jia'zui'jie'dao  塘桥街道 tang'qiao'jie'dao
周家渡街道 zhou'jia'du'jie'dao  洋泾街道 yang'jing'jie'dao  花木街道 hua'mu'jie'dao  川沙新镇 chuan'sha'xin'zhen
高桥镇 gao'qiao'zhen  北蔡镇 bei'cai'zhen  合庆镇 he'qing'zhen  金桥镇 jin'qiao'zhen  高行镇 gao'hang'zhen
高东镇 gao'dong'zhen  张江镇 zhang'jiang'zhen  三林镇 san'lin'zhen  惠南镇 hui'nan'zhen  周浦镇 zhou'pu'zhen
新场镇 xin'chang'zhen  大团镇 da'tuan'zhen  康桥镇 kang'qiao'zhen  航头镇 hang'tou'zhen  祝桥镇 zhu'qiao'zhen
泥城镇 ni'cheng'zhen  宣桥镇 xuan'qiao'zhen  书院镇 shu'yuan'zhen  万祥镇 wan'xiang'zhen  老港镇 lao'gang'zhen
南汇新城镇 nan'hui'xin'cheng'zhen  长海路街道 chang'hai'lu'jie'dao
西渡街道 xi'du'jie'dao  菊园新区 ju'yuan'xin'qu  真新街道 zhen'xin'jie'dao  南翔镇 nan'xiang'zhen
安亭镇 an'ting'zhen  马陆镇 ma'lu'zhen  徐行镇 xu'hang'zhen  华亭镇 hua'ting'zhen  外冈镇 wai'gang'zhen
江桥镇 jiang'qiao'zhen  岳阳街道 yue'yang'jie'dao  永丰街道 yong'feng'jie'dao  方松街道 fang'song'jie'dao
中山街道 zhong'shan'jie'dao  广富林街道 guang'fu'lin'jie'dao  九里亭街道 jiu'li'ting'jie'dao  泗泾镇 si'jing'zhen
佘山镇 she'shan'zhen  车墩镇 che'dun'zhen  新桥镇 xin'qiao'zhen  洞泾镇 dong'jing'zhen  九亭镇 jiu'ting'zhen
泖港镇 mao'gang'zhen  石湖荡镇 shi'hu'dang'zhen  新浜镇 xin'bang'zhen  叶榭镇 ye'xie'zhen
小昆山镇 xiao'kun'shan'zhen  夏阳街道 xia'yang'jie'dao  盈浦街道 ying'pu'jie'dao  香花桥街道 xiang'hua'qiao'jie'dao
朱家角镇 zhu'jia'jiao'zhen  赵巷镇 zhao'xiang'zhen  徐泾镇 xu'jing'zhen  华新镇 hua'xin'zhen  重固镇 zhong'gu'zhen
白鹤镇 bai'he'zhen  练塘镇 lian'tang'zhen  金泽镇 jin'ze'zhen  石化街道 shi'hua'jie'dao  朱泾镇 zhu'jing'zhen
枫泾镇 feng'jing'zhen  张堰镇 zhang'yan'zhen  亭林镇 ting'lin'zhen  吕巷镇 lv'xiang'zhen  廊下镇 lang'xia'zhen
金山卫镇 jin'shan'wei'zhen  漕泾镇 cao'jing'zhen  山阳镇 shan'yang'zhen  南桥镇 nan'qiao'zhen
奉城镇 feng'cheng'zhen  庄行镇 zhuang'hang'zhen  金汇镇 jin'hui'zhen  四团镇 si'tuan'zhen  青村镇 qing'cun'zhen
柘林镇 zhe'lin'zhen  海湾镇 hai'wan'zhen  奉浦街道 feng'pu'jie'dao  金海街道 jin'hai'jie'dao  城桥镇 cheng'qiao'zhen
新河镇 xin'he'zhen  竖新镇 shu'xin'zhen  向化镇 xiang'hua'zhen  三星镇 san'xing'zhen  港沿镇 gang'yan'zhen
中兴镇 zhong'xing'zhen  绿华镇 lv'hua'zhen  港西镇 gang'xi'zhen  建设镇 jian'she'zhen
新海镇 xin'hai'zhen  东平镇 dong'ping'zhen  长兴镇 chang'xing'zhen  横沙乡 heng'sha'xiang
长阳路 chang'yang'lu  杨树浦路 yang'shu'pu'lu  国定路 guo'ding'lu  邯郸路 han'dan'lu  政立路 zheng'li'lu
淞沪路 song'hu'lu  黄兴路 huang'xing'lu  军工路 jun'gong'lu  周家嘴路 zhou'jia'zui'lu  河间路 he'jian'lu
隆昌路 long'chang'lu  宁国路 ning'guo'lu  许昌路 xu'chang'lu  大连路 da'lian'lu  鞍山路 an'shan'lu  本溪路 ben'xi'lu
延吉中路 yan'ji'zhong'lu  民星路 min'xing'lu  中原路 zhong'yuan'lu  翔殷路 xiang'yin'lu  国权路 guo'quan'lu
国和路 guo'he'lu  营口路 ying'kou'lu  双阳路 shuang'yang'lu  齐齐哈尔路 qi'qi'ha'er'lu  腾越路 teng'yue'lu
临青路 lin'qing'lu  眉州路 mei'zhou'lu  漕宝路 cao'bao'lu  漕溪路 cao'xi'lu  漕溪北路 cao'xi'bei'lu
宜山路 yi'shan'lu  钦州路 qin'zhou'lu  钦州北路 qin'zhou'bei'lu  桂林路 gui'lin'lu  桂平路 gui'ping'lu
虹漕路 hong'cao'lu  田林路 tian'lin'lu  田林东路 tian'lin'dong'lu  柳州路 liu'zhou'lu  龙漕路 long'cao'lu
龙吴路 long'wu'lu  龙华路 long'hua'lu  龙华西路 long'hua'xi'lu  龙腾大道 long'teng'da'dao  肇嘉浜路 zhao'jia'bang'lu
零陵路 ling'ling'lu  中山西路 zhong'shan'xi'lu  中山南二路 zhong'shan'nan'er'lu  天钥桥路 tian'yao'qiao'lu
华山路 hua'shan'lu  淮海西路 huai'hai'xi'lu  衡山路 heng'shan'lu  建国西路 jian'guo'xi'lu  复兴中路 fu'xing'zhong'lu
复兴西路 fu'xing'xi'lu  武康路 wu'kang'lu  安福路 an'fu'lu  乌鲁木齐中路 wu'lu'mu'qi'zhong'lu  岳阳路 yue'yang'lu
永嘉路 yong'jia'lu  嘉善路 jia'shan'lu  吴中路 wu'zhong'lu  莲花路 lian'hua'lu  沪闵路 hu'min'lu
老沪闵路 lao'hu'min'lu  石龙路 shi'long'lu  百色路 bai'se'lu  罗城路 luo'cheng'lu  上中路 shang'zhong'lu
梅陇路 mei'long'lu  习勤路 xi'qin'lu  延安西路 yan'an'xi'lu  延安中路 yan'an'zhong'lu  延安东路 yan'an'dong'lu
愚园路 yu'yuan'lu  长宁路 chang'ning'lu  仙霞路 xian'xia'lu  虹桥路 hong'qiao'lu  番禺路 pan'yu'lu
定西路 ding'xi'lu  凯旋路 kai'xuan'lu  娄山关路 lou'shan'guan'lu  遵义路 zun'yi'lu  古北路 gu'bei'lu
红宝石路 hong'bao'shi'lu  水城路 shui'cheng'lu  威宁路 wei'ning'lu  北翟路 bei'di'lu  哈密路 ha'mi'lu
剑河路 jian'he'lu  茅台路 mao'tai'lu  安龙路 an'long'lu  平塘路 ping'tang'lu  北京东路 bei'jing'dong'lu
北京西路 bei'jing'xi'lu  福州路 fu'zhou'lu  九江路 jiu'jiang'lu  汉口路 han'kou'lu  西藏中路 xi'zang'zhong'lu
西藏南路 xi'zang'nan'lu  西藏北路 xi'zang'bei'lu  河南中路 he'nan'zhong'lu  河南北路 he'nan'bei'lu
四川中路 si'chuan'zhong'lu  人民大道 ren'min'da'dao  人民路 ren'min'lu  中华路 zhong'hua'lu
方浜中路 fang'bang'zhong'lu  复兴东路 fu'xing'dong'lu  陆家浜路 lu'jia'bang'lu  徐家汇路 xu'jia'hui'lu
打浦路 da'pu'lu  鲁班路 lu'ban'lu  蒙自路 meng'zi'lu  制造局路 zhi'zao'ju'lu  瞿溪路 qu'xi'lu
茂名南路 mao'ming'nan'lu  陕西南路 shan'xi'nan'lu  陕西北路 shan'xi'bei'lu  石门一路 shi'men'yi'lu
黄陂北路 huang'pi'bei'lu  黄陂南路 huang'pi'nan'lu  马当路 ma'dang'lu  重庆南路 chong'qing'nan'lu
重庆北路 chong'qing'bei'lu  成都北路 cheng'du'bei'lu  思南路 si'nan'lu  雁荡路 yan'dang'lu  新闸路 xin'zha'lu
武定路 wu'ding'lu  康定路 kang'ding'lu  昌平路 chang'ping'lu  江宁路 jiang'ning'lu  常德路 chang'de'lu
胶州路 jiao'zhou'lu  万航渡路 wan'hang'du'lu  中山北路 zhong'shan'bei'lu  曹杨路 cao'yang'lu  武宁路 wu'ning'lu
金沙江路 jin'sha'jiang'lu  真北路 zhen'bei'lu  梅川路 mei'chuan'lu  枣阳路 zao'yang'lu  大渡河路 da'du'he'lu
云岭东路 yun'ling'dong'lu  光复西路 guang'fu'xi'lu  澳门路 ao'men'lu  宜昌路 yi'chang'lu  普陀路 pu'tuo'lu
西康路 xi'kang'lu  交通路 jiao'tong'lu  志丹路 zhi'dan'lu  新村路 xin'cun'lu  沪太路 hu'tai'lu  延长路 yan'chang'lu
灵石路 ling'shi'lu  平型关路 ping'xing'guan'lu  闻喜路 wen'xi'lu  汶水路 wen'shui'lu  场中路 chang'zhong'lu
保德路 bao'de'lu  彭江路 peng'jiang'lu  万荣路 wan'rong'lu  东江湾路 dong'jiang'wan'lu  大连西路 da'lian'xi'lu
赤峰路 chi'feng'lu  中山北一路 zhong'shan'bei'yi'lu  玉田路 yu'tian'lu  车站南路 che'zhan'nan'lu
凉城路 liang'cheng'lu  水电路 shui'dian'lu  广灵四路 guang'ling'si'lu  海宁路 hai'ning'lu  武进路 wu'jin'lu
溧阳路 li'yang'lu  海伦路 hai'lun'lu  四达路 si'da'lu  吴淞路 wu'song'lu  天潼路 tian'tong'lu
东大名路 dong'da'ming'lu  东长治路 dong'chang'zhi'lu  东余杭路 dong'yu'hang'lu  飞虹路 fei'hong'lu
新港路 xin'gang'lu  世纪大道 shi'ji'da'dao  张杨路 zhang'yang'lu  浦东大道 pu'dong'da'dao  浦东南路 pu'dong'nan'lu
浦电路 pu'dian'lu  东方路 dong'fang'lu  源深路 yuan'shen'lu  民生路 min'sheng'lu  杨高中路 yang'gao'zhong'lu
杨高南路 yang'gao'nan'lu  杨高北路 yang'gao'bei'lu  锦绣路 jin'xiu'lu  花木路 hua'mu'lu  芳甸路 fang'dian'lu
梅花路 mei'hua'lu  龙阳路 long'yang'lu  罗山路 luo'shan'lu  金科路 jin'ke'lu  张江路 zhang'jiang'lu
祖冲之路 zu'chong'zhi'lu  碧波路 bi'bo'lu  松涛路 song'tao'lu  郭守敬路 guo'shou'jing'lu  博云路 bo'yun'lu
盛夏路 sheng'xia'lu  广兰路 guang'lan'lu  川沙路 chuan'sha'lu  华夏西路 hua'xia'xi'lu  华夏东路 hua'xia'dong'lu
成山路 cheng'shan'lu  上南路 shang'nan'lu  长清路 chang'qing'lu  耀华路 yao'hua'lu  昌里路 chang'li'lu
德州路 de'zhou'lu  云台路 yun'tai'lu  板泉路 ban'quan'lu  三林路 san'lin'lu  灵岩南路 ling'yan'nan'lu
沪南路 hu'nan'lu  御桥路 yu'qiao'lu  秀沿路 xiu'yan'lu  康桥路 kang'qiao'lu  申江路 shen'jiang'lu
金桥路 jin'qiao'lu  金高路 jin'gao'lu  巨峰路 ju'feng'lu  五莲路 wu'lian'lu  博兴路 bo'xing'lu  东陆路 dong'lu'lu
利津路 li'jin'lu  台儿庄路 tai'er'zhuang'lu  商城路 shang'cheng'lu  陆家嘴环路 lu'jia'zui'huan'lu
银城中路 yin'cheng'zhong'lu  富城路 fu'cheng'lu  潍坊路 wei'fang'lu  南泉北路 nan'quan'bei'lu  崂山路 lao'shan'lu
乳山路 ru'shan'lu  福山路 fu'shan'lu  灵山路 ling'shan'lu  博山东路 bo'shan'dong'lu  枣庄路 zao'zhuang'lu
居家桥路 ju'jia'qiao'lu  云山路 yun'shan'lu  环湖西一路 huan'hu'xi'yi'lu  申港大道 shen'gang'da'dao
临港大道 lin'gang'da'dao  沪城环路 hu'cheng'huan'lu  七莘路 qi'xin'lu  莘松路 xin'song'lu  莘建路 xin'jian'lu
都市路 du'shi'lu  春申路 chun'shen'lu  银都路 yin'du'lu  剑川路 jian'chuan'lu  东川路 dong'chuan'lu
沧源路 cang'yuan'lu  景东路 jing'dong'lu  金平路 jin'ping'lu  碧江路 bi'jiang'lu  虹梅南路 hong'mei'nan'lu
顾戴路 gu'dai'lu  吴宝路 wu'bao'lu  漕东支路 cao'dong'zhi'lu  申虹路 shen'hong'lu  申长路 shen'chang'lu
联航路 lian'hang'lu  江月路 jiang'yue'lu  浦星公路 pu'xing'gong'lu  三鲁公路 san'lu'gong'lu
陈行公路 chen'hang'gong'lu  沈杜公路 shen'du'gong'lu  华宁路 hua'ning'lu  元江路 yuan'jiang'lu  颛兴路 zhuan'xing'lu
光华路 guang'hua'lu  中春路 zhong'chun'lu  新镇路 xin'zhen'lu  新龙路 xin'long'lu  航华一村 hang'hua'yi'cun
航东路 hang'dong'lu  牡丹江路 mu'dan'jiang'lu  友谊支路 you'yi'zhi'lu  同济路 tong'ji'lu  淞滨路 song'bin'lu
水产路 shui'chan'lu  蕴川路 yun'chuan'lu  宝杨路 bao'yang'lu  共富新村 gong'fu'xin'cun  共江路 gong'jiang'lu
长江西路 chang'jiang'xi'lu  长江南路 chang'jiang'nan'lu  逸仙路 yi'xian'lu  殷高路 yin'gao'lu
殷高西路 yin'gao'xi'lu  高境路 gao'jing'lu  一二八纪念路 yi'er'ba'ji'nian'lu  江杨南路 jiang'yang'nan'lu
江杨北路 jiang'yang'bei'lu  菊太路 ju'tai'lu  陆翔路 lu'xiang'lu  顾北路 gu'bei'lu  美兰湖路 mei'lan'hu'lu
罗太路 luo'tai'lu  市一路 shi'yi'lu  祁连山路 qi'lian'shan'lu  锦秋路 jin'qiu'lu  南陈路 nan'chen'lu
上大路 shang'da'lu  丰宝路 feng'bao'lu  城中路 cheng'zhong'lu  金沙路 jin'sha'lu  清河路 qing'he'lu
塔城路 ta'cheng'lu  平城路 ping'cheng'lu  白银路 bai'yin'lu  云谷路 yun'gu'lu  裕民路 yu'min'lu  德富路 de'fu'lu
沪宜公路 hu'yi'gong'lu  宝安公路 bao'an'gong'lu  曹安公路 cao'an'gong'lu  墨玉路 mo'yu'lu  昌吉路 chang'ji'lu
博园路 bo'yuan'lu  真南路 zhen'nan'lu  古猗园路 gu'yi'yuan'lu  沪太公路 hu'tai'gong'lu  丰庄路 feng'zhuang'lu
金沙江西路 jin'sha'jiang'xi'lu  人民北路 ren'min'bei'lu  中山中路 zhong'shan'zhong'lu  中山东路 zhong'shan'dong'lu
谷阳北路 gu'yang'bei'lu  谷阳南路 gu'yang'nan'lu  荣乐东路 rong'le'dong'lu  荣乐中路 rong'le'zhong'lu
荣乐西路 rong'le'xi'lu  文诚路 wen'cheng'lu  新松江路 xin'song'jiang'lu  龙源路 long'yuan'lu
广富林路 guang'fu'lin'lu  梅家浜路 mei'jia'bang'lu  沪松公路 hu'song'gong'lu  九杜路 jiu'du'lu
涞亭南路 lai'ting'nan'lu  泗陈公路 si'chen'gong'lu  方塔路 fang'ta'lu  松汇中路 song'hui'zhong'lu
公园路 gong'yuan'lu  青安路 qing'an'lu  城中东路 cheng'zhong'dong'lu  盈港路 ying'gang'lu
盈港东路 ying'gang'dong'lu  淀山湖大道 dian'shan'hu'da'dao  外青松公路 wai'qing'song'gong'lu
沪青平公路 hu'qing'ping'gong'lu  徐民路 xu'min'lu  诸光路 zhu'guang'lu  崧泽大道 song'ze'da'dao  蟠龙路 pan'long'lu
南奉公路 nan'feng'gong'lu  解放东路 jie'fang'dong'lu  解放中路 jie'fang'zhong'lu  南桥路 nan'qiao'lu
环城东路 huan'cheng'dong'lu  环城西路 huan'cheng'xi'lu  望园路 wang'yuan'lu  航南公路 hang'nan'gong'lu
卫清西路 wei'qing'xi'lu  蒙山路 meng'shan'lu  卫零路 wei'ling'lu  龙山路 long'shan'lu  鼓浪屿路 gu'lang'yu'lu
八一路 ba'yi'lu  北门路 bei'men'lu  崇明大道 chong'ming'da'dao  中津桥路 zhong'jin'qiao'lu  高架路 gao'jia'lu
公路 gong'lu  街道 jie'dao  小区 xiao'qu  花园 hua'yuan  公寓 gong'yu  大厦 da'sha  支弄 zhi'nong  号楼 hao'lou
单元 dan'yuan  居委会 ju'wei'hui  村委会 cun'wei'hui  身份证 shen'fen'zheng  居住证 ju'zhu'zheng  敬老卡 jing'lao'ka
老年综合津贴 lao'nian'zong'he'jin'tie  社保 she'bao  城保 cheng'bao  居民 ju'min  户籍 hu'ji  户口 hu'kou
派出所 pai'chu'suo  受理中心 shou'li'zhong'xin  社区事务受理服务中心 she'qu'shi'wu'shou'li'fu'wu'zhong'xin
一网通办 yi'wang'tong'ban
"""
